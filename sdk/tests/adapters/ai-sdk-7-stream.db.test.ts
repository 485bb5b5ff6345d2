import * as ai from "ai";
import { gate } from "../../src/adapters/ai-sdk";
import { driven, type Sdk } from "./ai-sdk";
import { cases } from "./cases";

const sdk: Sdk = { version: "v4", ...ai, steps: ai.isStepCount } as Sdk;

await cases({ framework: "AI SDK 7, streaming", agent: (setup) => driven(sdk, gate, setup, true) });
