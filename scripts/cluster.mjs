import { bootstrap } from "./bootstrap.mjs";

await bootstrap("cluster/main.ts");
