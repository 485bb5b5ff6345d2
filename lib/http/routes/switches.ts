import { getPropagation, listSwitches, previewSwitch, releaseSwitch, setSwitch } from "../../controls";
import { previewShape, propagationShape, switchShape } from "../../controls/schema";
import { type Endpoint, verb } from "../endpoint";

const tag = "switches";
const tells = ["controls", "audit", "runs"] as const;

export const switchRoutes: Endpoint[] = [
  verb(setSwitch, { method: "post", path: "/switches", tag, summary: "Stop, pause or narrow", status: 201, tells }),
  verb(listSwitches, { method: "get", path: "/switches", tag, summary: "Switches, newest first", output: switchShape }),
  verb(previewSwitch, {
    method: "get",
    path: "/switches/preview",
    tag,
    summary: "What a switch would hold",
    output: previewShape,
  }),
  verb(releaseSwitch, {
    method: "post",
    path: "/switches/{switch_id}/release",
    tag,
    summary: "Release a switch",
    tells,
  }),
  verb(getPropagation, {
    method: "get",
    path: "/switches/{switch_id}/propagation",
    tag,
    summary: "Who obeyed",
    output: propagationShape,
  }),
];
