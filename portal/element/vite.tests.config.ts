// test/*.test.ts -> .tested/, where node --test runs them.
import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

const tests = readdirSync("test").filter((name) => name.endsWith(".test.ts"));

export default defineConfig({
  build: {
    ssr: true,
    outDir: ".tested",
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(tests.map((name) => [name.slice(0, -3), `test/${name}`])),
    },
  },
});
