import * as ai from "ai-v6";
import { gate } from "../../src/adapters/ai-sdk";
import { driven, type Sdk } from "./ai-sdk";
import { cases } from "./cases";

const sdk: Sdk = { version: "v3", ...ai, steps: ai.stepCountIs } as Sdk;

await cases({ framework: "AI SDK 6, streaming", agent: (setup) => driven(sdk, gate, setup, true) });
