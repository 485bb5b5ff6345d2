export * from "./around";
export * from "./effects";
export * from "./events";
export * from "./evidence";
export * from "./incidents";
export * from "./metrics";
export * from "./writes";
