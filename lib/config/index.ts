export { exportConfig } from "./export";
export { importConfig, tryImport } from "./import";
