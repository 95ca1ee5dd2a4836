# Package bundles. A build fills a folder of its own, which stays where it is: precompiled files remember their
# path. `.juliarun/current` names the folder that jobs use; it changes when a build has succeeded, and only then.

# use_bundle: the bundle's current build instead of its mount point, which stays in `bundle_root`.
use_bundle() {
	bundle_root=${JRUN_PKG_BUNDLE:-}
	[ -n "$bundle_root" ] || return 0
	current_build "$bundle_root"
	if [ -n "$current" ]; then
		export JRUN_PKG_BUNDLE="$bundle_root/.juliarun/builds/$current"
	elif [ -z "$(ls "$bundle_root" 2>/dev/null)" ]; then
		say "the package bundle at $bundle_root has no packages yet: a PkgBuilder job builds them."
	fi
}

current_build() {
	current=
	[ ! -f "$1/.juliarun/current" ] || read -r current <"$1/.juliarun/current"
	case $current in
		*/* | .*) current= ;;
	esac
	[ -d "$1/.juliarun/builds/$current" ] || current=
}

begin_build() {
	bundle_root=$JRUN_BUILD_BUNDLE
	builds=$bundle_root/.juliarun/builds
	mkdir -p "$builds" 2>/dev/null && [ -w "$builds" ] || {
		say "cannot write to the package bundle at $bundle_root (as user $(id -u)): give that user the folder, or set the image's user in the configuration."
		return 73
	}
	take_lock "$bundle_root/.juliarun/lock" "is building the bundle" || return
	new_folder "$builds" || return 73
	build=$folder
	current_build "$bundle_root"
	if [ -n "$current" ] && [ "${JRUN_FRESH_BUNDLE:-}" != 1 ]; then
		copy_build "$builds/$current" "$build" || {
			say "cannot copy the last build from $builds/$current."
			return 73
		}
	fi
	export JRUN_PKG_BUNDLE="$build"
	set_julia_paths
}

# What was precompiled is for the old path; so are paths in the environments' files.
copy_build() {
	for entry in "$1"/* "$1"/.[!.]*; do
		case ${entry##*/} in
			compiled | logs) continue ;;
		esac
		[ ! -e "$entry" ] && [ ! -L "$entry" ] || cp -RP "$entry" "$2/" || return 1
	done
	for file in "$2"/*.toml "$2"/environments/*/*.toml; do
		[ -f "$file" ] || continue
		sed "s|$1/|$2/|g" "$file" >"$file.new" && mv -f "$file.new" "$file" || return 1
	done
}

# finish_build: jobs use the build from now on. Those that run go on with the last one, so that one stays.
finish_build() {
	"${JRUN_EXECUTABLE:-julia}" --startup-file=no "$runtime/bundle.jl" || return
	has_lock || {
		say "this build was taken for dead, as it had stood still, and another one went on: the bundle is as that one leaves it."
		return 75
	}
	current_build "$bundle_root"
	last=$current
	publish "$bundle_root/.juliarun/current" "${build##*/}" || return 73
	for old in "$builds"/*; do
		case ${old##*/} in
			"${build##*/}" | "$last") ;;
			*) rm -rf "$old" ;;
		esac
	done
	say "the bundle is built: jobs that start from now on use it."
}

# For a build that has not finished.
end_build() {
	[ -z "${build:-}" ] || rm -rf "$build"
	say "the build has failed: the bundle stays as it was."
}
