import { Loading } from "@/components/kit/states";

export default function Wait() {
  return <Loading what="the gate" rows={12} />;
}
