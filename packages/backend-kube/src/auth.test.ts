import { isManagerError, toConfig, type Config } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { toKubeConfig, withUser } from "./auth.ts";

const FILES: Readonly<Record<string, string>> = {
  "/home/me/.kube/config": kubeconfig("one", "https://one:6443"),
  "/etc/other": kubeconfig("other", "https://other:6443"),
  "/etc/damaged": "users:\n- name: x\n  user: {token: top-secret\n",
  "/etc/token": "from-file\n",
};

function kubeconfig(name: string, server: string): string {
  return JSON.stringify({
    "current-context": name,
    clusters: [{ name, cluster: { server, "tls-server-name": "kubernetes" } }],
    users: [{ name, user: { token: `token of ${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

function configure(compute: object): Config {
  return toConfig({ clustertype: "Kubernetes", compute });
}

async function load(compute: object, env: Record<string, string> = {}) {
  return toKubeConfig({
    config: configure(compute),
    baseDir: "/etc",
    env: { HOME: "/home/me", ...env },
    secrets: {
      readFile: async (path) => {
        const text = FILES[path];
        if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
        return text;
      },
      env: (name) => (name === "TOKEN" ? "from-variable" : undefined),
    },
  });
}

async function serverOf(compute: object, env?: Record<string, string>) {
  return (await load(compute, env)).getCurrentCluster()?.server;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("toKubeConfig", () => {
  it("goes through a proxy without credentials", async () => {
    const config = await load({ auth: { type: "none" } });
    expect(config.getCurrentCluster()?.server).toBe("http://127.0.0.1:8001");
    expect(config.getCurrentUser()).toEqual({ name: "juliarun" });
  });

  it("sends credentials unencrypted only on this machine", async () => {
    const auth = { type: "token", token: base64("t") };
    await expect(load({ uri: "http://kubernetes:8080", auth })).rejects.toThrow("unencrypted");
    expect(await serverOf({ uri: "http://localhost:8080", auth })).toBe("http://localhost:8080");
  });

  it("decodes what stands in the configuration, and verifies with the CA", async () => {
    const auth = {
      type: "cert",
      "certificate-authority-data": base64("CA"),
      "client-certificate-data": base64("CERT"),
      "client-key-data": base64("KEY"),
    };
    const config = await load({ uri: "https://kubernetes:6443/", auth });
    expect(config.getCurrentCluster()).toMatchObject({
      server: "https://kubernetes:6443",
      caData: base64("CA"),
      skipTLSVerify: false,
    });
    expect(config.getCurrentUser()).toMatchObject({
      certData: base64("CERT"),
      keyData: base64("KEY"),
    });
  });

  it.each([
    [base64("inline"), "inline"],
    [{ file: "/etc/token" }, "from-file"],
    [{ env: "TOKEN" }, "from-variable"],
  ])("takes a token from %j", async (token, expected) => {
    const config = await load({ uri: "https://k:6443", auth: { type: "token", token } });
    expect(config.getCurrentUser()?.token).toBe(expected);
  });

  it("needs no CA where nothing is verified", async () => {
    const auth = { type: "token", token: base64("t"), "cert-verify": "false" };
    const cluster = (await load({ uri: "https://k:6443", auth })).getCurrentCluster();
    expect(cluster).toMatchObject({ skipTLSVerify: true });
    expect(cluster).not.toHaveProperty("caData");
  });

  it("uses what is mounted into a pod", async () => {
    const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const config = await load({ auth: { type: "in-cluster" } }, env);
    expect(config.getCurrentCluster()).toMatchObject({
      server: "https://[fd00::1]:443",
      caFile: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
    });
    await expect(load({ auth: { type: "in-cluster" } })).rejects.toThrow("this is no pod");
  });

  it("finds kubeconfigs as kubectl does", async () => {
    const auth = { type: "kubeconfig" };
    expect(await serverOf({ auth })).toBe("https://one:6443");
    expect(await serverOf({ auth }, { KUBECONFIG: "/etc/other" })).toBe("https://other:6443");
    expect(await serverOf({ auth: { ...auth, kubeconfig: "other" } })).toBe("https://other:6443");
    const both = { KUBECONFIG: "/etc/none:/etc/other:/home/me/.kube/config" };
    expect(await serverOf({ auth }, both)).toBe("https://other:6443");
    expect(await serverOf({ auth: { ...auth, context: "one" } }, both)).toBe("https://one:6443");
  });

  it("says what is wrong and shows no secret", async () => {
    const damaged: unknown = await load({
      auth: { type: "kubeconfig", kubeconfig: "damaged" },
    }).catch((error: unknown) => error);
    expect(isManagerError(damaged, "CONFIG_INVALID")).toBe(true);
    expect(JSON.stringify(damaged, Object.getOwnPropertyNames(damaged))).not.toContain(
      "top-secret",
    );
    await expect(load({ auth: { type: "kubeconfig", kubeconfig: "none" } })).rejects.toThrow(
      "The kubeconfig /etc/none cannot be read.",
    );
    await expect(
      load({ auth: { type: "kubeconfig", kubeconfig: "other", context: "x" } }),
    ).rejects.toThrow("has no complete context x");
  });

  it("gives a caller nothing of the configuration's credentials", async () => {
    const own = withUser(await load({ auth: { type: "kubeconfig" } }), { token: "theirs" });
    expect(own.getCurrentUser()).toEqual({ name: "caller", token: "theirs" });
    expect(own.getCurrentCluster()).toMatchObject({ tlsServerName: "kubernetes" });
  });
});
