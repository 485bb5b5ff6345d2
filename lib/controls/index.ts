export { acknowledge, acknowledgeCall } from "./acknowledge";
export { type Admitted, admit } from "./admit";
export type { Caller } from "./evaluate";
export { follow } from "./follow";
export { keepAlive, sweep } from "./jobs";
export { type Answer, look, lookNow, type Prepared, prepared, watch } from "./poll";
export { getAgent, getPropagation, getState, listAgents, listSwitches, previewSwitch } from "./reads";
export { configureControls, releaseSwitch, setSwitch } from "./set";
export { type Body, knownRevision, onChange, stateOf, type Watcher } from "./snapshot";
