export * from "./credentials";
export * from "./facts";
export * from "./gates";
export * from "./screenshots";
export * from "./signs";
export * from "./targets";
export * from "./waivers";
