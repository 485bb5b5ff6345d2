import { Loading } from "@/components/kit/states";

export default function RunsLoading() {
  return <Loading what="runs" rows={14} />;
}
