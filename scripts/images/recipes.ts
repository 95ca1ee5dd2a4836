import type { Recipe } from "./recipe.ts";

const path = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The images of this project's tests and quickstart. */
export const recipes = {
  /** Julia 1.5.3, the last one that Debian packages. */
  julia: {
    tag: "jrun/julia:1.5-debian",
    official: "julia:1",
    suite: "bullseye",
    variant: "minbase",
    packages: ["julia", "ca-certificates"],
    hooks: [],
    changes: ['CMD ["julia"]', path],
  },
  /** 2 MB with a shell: for tests of the engine rather than of Julia. */
  busybox: {
    tag: "jrun/busybox:debian",
    official: "busybox:1.37",
    suite: "bookworm",
    variant: "extract",
    packages: ["busybox-static"],
    hooks: [
      'for applet in $("$1/bin/busybox" --list); do [ -e "$1/bin/$applet" ] || ln -s busybox "$1/bin/$applet"; done',
      'mkdir -p "$1/etc" "$1/root" && mkdir -p -m 1777 "$1/tmp"',
      'echo "root:x:0:0:root:/root:/bin/sh" >"$1/etc/passwd" && echo "root:x:0:" >"$1/etc/group"',
      'rm -rf "$1/usr"',
    ],
    changes: ['CMD ["sh"]', path],
  },
  /** An image registry on port 5000, for tests of pulling. */
  registry: {
    tag: "jrun/registry:debian",
    official: "registry:2",
    suite: "bookworm",
    variant: "minbase",
    packages: ["docker-registry"],
    hooks: [],
    changes: [
      'CMD ["docker-registry","serve","/etc/docker/registry/config.yml"]',
      "EXPOSE 5000",
      path,
    ],
  },
  /** HAProxy: for services on the Docker Engine. */
  haproxy: {
    tag: "jrun/haproxy:debian",
    official: "haproxy:lts",
    suite: "bookworm",
    variant: "minbase",
    packages: ["haproxy"],
    hooks: [],
    changes: ['CMD ["haproxy"]', path],
  },
  /** nginx: for tests of web servers. */
  nginx: {
    tag: "jrun/nginx:debian",
    official: "nginx:1",
    suite: "bookworm",
    variant: "minbase",
    packages: ["nginx-light"],
    hooks: [],
    changes: [`CMD ["nginx","-g","daemon off;"]`, "EXPOSE 80", path],
  },
  /** RabbitMQ with its management API. Not Debian's own start script: it does not pass signals on. */
  rabbitmq: {
    tag: "jrun/rabbitmq:debian",
    official: "rabbitmq:3-management",
    suite: "bookworm",
    variant: "minbase",
    packages: ["rabbitmq-server"],
    hooks: [
      'printf "%s\\n" "#!/bin/sh" "exec /usr/lib/rabbitmq/bin/rabbitmq-server" >"$1/usr/local/sbin/rabbitmq-server"',
      'chmod 755 "$1/usr/local/sbin/rabbitmq-server"',
      'echo "[rabbitmq_management]." >"$1/etc/rabbitmq/enabled_plugins"',
      // Whoever it runs as, also root without capabilities: the server makes itself a cookie, and writes there.
      'rm -f "$1/var/lib/rabbitmq/.erlang.cookie" && chmod -R a+rwX "$1/var/lib/rabbitmq" "$1/var/log/rabbitmq"',
    ],
    changes: ['CMD ["rabbitmq-server"]', "EXPOSE 5672 15672", "ENV HOME=/var/lib/rabbitmq", path],
  },
  /** Git, and its server `git daemon`: for tests of volumes with repositories. */
  git: {
    tag: "jrun/git:debian",
    official: "alpine/git:latest",
    suite: "bookworm",
    variant: "minbase",
    packages: ["git", "ca-certificates"],
    hooks: [],
    changes: ['CMD ["sh"]', path],
  },
  /**
   * A git server that speaks HTTPS, as the host `forge`, and a git that trusts it: its certificate is made with the image, so
   * its key is good for nothing else.
   */
  gitserver: {
    tag: "jrun/gitserver:debian",
    suite: "bookworm",
    variant: "minbase",
    packages: ["git", "ca-certificates", "openssl", "lighttpd", "lighttpd-mod-openssl"],
    hooks: [
      'chroot "$1" openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=forge -addext subjectAltName=DNS:forge,DNS:localhost -keyout /etc/lighttpd/key.pem -out /usr/local/share/ca-certificates/forge.crt',
      'cat "$1/etc/lighttpd/key.pem" "$1/usr/local/share/ca-certificates/forge.crt" >"$1/etc/lighttpd/server.pem"',
      'chmod 644 "$1/etc/lighttpd/server.pem" && chroot "$1" update-ca-certificates',
    ],
    changes: ['CMD ["sh"]', path],
  },
} as const satisfies Record<string, Recipe>;

/** The name of an image in the table of recipes. */
export type ImageName = keyof typeof recipes;
