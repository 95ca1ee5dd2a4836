import { bootstrap } from "./bootstrap.mjs";

await bootstrap("quickstart/main.ts");
