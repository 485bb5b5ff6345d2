export { decodeJson } from "./decode-json";
export { decodeProtobuf } from "./decode-protobuf";
