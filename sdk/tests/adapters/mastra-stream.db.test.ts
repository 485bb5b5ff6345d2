import { cases } from "./cases";
import { driven } from "./mastra";

await cases({ framework: "Mastra, streaming", agent: (setup) => driven(setup, true) });
