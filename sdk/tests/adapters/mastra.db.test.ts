import { cases } from "./cases";
import { driven } from "./mastra";

await cases({ framework: "Mastra", agent: (setup) => driven(setup, false) });
