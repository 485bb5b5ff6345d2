"use client";

import dynamic from "next/dynamic";
import { Loading } from "../../kit/states";

/** The editor and what it needs, loaded where it is seen. */
export const Editor = dynamic(() => import("./code-editor"), {
  ssr: false,
  loading: () => <Loading what="the editor" shape="rows" rows={12} />,
});
