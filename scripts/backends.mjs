import { bootstrap } from "./bootstrap.mjs";

await bootstrap("backends/main.ts");
