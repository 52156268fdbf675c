import { defineConfig } from "vitest/config";
import { budget } from "./vite/budget.ts";
import { icons } from "./vite/icons.ts";
import { shell } from "./vite/shell.ts";

/** Where `parlour up` listens while the client is being worked on (`npm run dev`). */
const SERVER = process.env.PARLOUR ?? "http://localhost:8000";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    target: "es2022",
    // The policy of our pages (src/app/browser.py) allows no script and no style inside a page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  plugins: [shell(), icons(), budget({ kilobytes: 60 })],
  server: {
    proxy: Object.fromEntries(
      ["/api", "/docs", "/health"]
        .map((path) => [path, SERVER])
        .concat([["/ws", SERVER.replace("http", "ws")]]),
    ),
  },
  test: { environment: "node", include: ["{src,vite}/**/*.test.ts"] },
});
