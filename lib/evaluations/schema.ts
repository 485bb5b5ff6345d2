export * from "./shapes/canary";
export * from "./shapes/chaos";
export * from "./shapes/compound";
export * from "./shapes/evaluator";
export * from "./shapes/probe";
export * from "./shapes/scores";
