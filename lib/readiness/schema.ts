export * from "./shapes/gate";
export * from "./shapes/targets";
export * from "./shapes/waivers";
