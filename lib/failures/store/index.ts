export * from "./entries";
export * from "./facts";
export * from "./history";
