import path from "node:path";
import { defineConfig } from "vitest/config";

const alias = { "@": path.resolve(import.meta.dirname) };
const exclude = ["**/node_modules/**", "build/**", ".next*/**", "demo/**"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["{lib,components,scripts,server,sdk}/**/*.test.ts"],
          exclude: [...exclude, "**/*.db.test.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "postgres",
          include: ["{lib,server,worker,sdk}/**/*.db.test.ts"],
          exclude,
          globalSetup: "lib/http/tests/database.ts",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
