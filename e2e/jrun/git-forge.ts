/** The user that the forge knows. */
export const FORGE_USER = "robot";

/** Address of its repository, inside the namespace of the job `forge`. */
export const FORGE_REPOSITORY = "https://forge:8443/code.git";

/** Ports of that job. */
export const FORGE_PORTS = ["--ports", "git:8443:8443"] as const;

/** The file of the run volume that is there when it answers. */
export const FORGE_READY = "forge-ready";

/** Commits as somebody. */
export const GIT = "git -c user.name=test -c user.email=test@example.org";

/**
 * The script of a job `forge` with the image `gitserver`: a repository whose branch `feature` has three commits, one more than
 * `main`, served by git's own HTTP program with a password.
 */
export function forgeScript(password: string): string {
  return `set -e
root=/mnt/juliarun
git init --quiet --bare --initial-branch main $root/code.git
git init --quiet --initial-branch main /tmp/work
cd /tmp/work
commit() { echo "$1" >greeting; git add greeting; ${GIT} commit --quiet --message "$1"; }
commit first
commit second
git checkout --quiet -b feature
commit third
git push --quiet $root/code.git main feature
echo '${FORGE_USER}:${password}' >/tmp/users
cat >/tmp/lighttpd.conf <<'END'
server.modules = ("mod_alias", "mod_setenv", "mod_auth", "mod_authn_file", "mod_cgi", "mod_openssl")
server.document-root = "/mnt/juliarun"
server.port = 8443
ssl.engine = "enable"
ssl.pemfile = "/etc/lighttpd/server.pem"
alias.url = ("/" => "/usr/lib/git-core/git-http-backend/")
cgi.assign = ("" => "")
setenv.set-environment = ("GIT_PROJECT_ROOT" => "/mnt/juliarun", "GIT_HTTP_EXPORT_ALL" => "1", "HOME" => "/tmp")
auth.backend = "plain"
auth.backend.plain.userfile = "/tmp/users"
auth.require = ("/" => ("method" => "basic", "realm" => "forge", "require" => "valid-user"))
END
lighttpd -D -f /tmp/lighttpd.conf &
until git ls-remote https://${FORGE_USER}:${password}@localhost:8443/code.git >/tmp/refs 2>&1; do
  cat /tmp/refs
  kill -0 $!
  sleep 0.2
done
touch $root/${FORGE_READY}
wait
`;
}
