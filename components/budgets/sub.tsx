import type { ReactNode } from "react";
import s from "./detail.module.css";

/** A heading inside a panel. */
export const Sub = ({ title, meta }: { title: string; meta?: ReactNode }) => (
  <div className={s.sub}>
    <h3>{title}</h3>
    {meta && <span>{meta}</span>}
  </div>
);
