// src/element.ts -> ../page/static/element.js: one module with everything in it, the same bytes from every build.
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2023",
    outDir: "../page/static",
    emptyOutDir: false,
    copyPublicDir: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: "src/element.ts",
      preserveEntrySignatures: "exports-only",
      output: { format: "es", entryFileNames: "element.js", codeSplitting: false },
    },
  },
});
