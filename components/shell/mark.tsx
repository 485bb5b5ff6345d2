import s from "./mark.module.css";

/** The brand mark: two halves that only close together. */
export function Mark({ size = 18 }: { size?: number }) {
  return (
    <svg
      className={s.mark}
      width={size}
      height={size}
      viewBox="0 0 18 18"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
    >
      <path d="M11 2H4.5A2.5 2.5 0 0 0 2 4.5v4A2.5 2.5 0 0 0 4.5 11H6" />
      <path d="M7 16h6.5a2.5 2.5 0 0 0 2.5-2.5v-4A2.5 2.5 0 0 0 13.5 7H12" />
      <path className={s.bolt} d="M11 2v5.5M7 16v-5.5" />
    </svg>
  );
}
