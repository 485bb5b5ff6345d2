import s from "./spark.module.css";

/** Bars of the last hours, the failing part over them. `label` says what they are. */
export function Spark({
  data,
  bad,
  label,
  width = 132,
  height = 20,
}: {
  data: number[];
  bad?: number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const max = Math.max(...data, 1);
  const step = width / Math.max(1, data.length);
  const tall = (n: number) => (n > 0 ? Math.max(1.5, (n / max) * (height - 1)) : 0);
  const bars = (values: number[], className: string | undefined) =>
    values.map((value, index) => {
      const h = tall(value);
      const key = `${index}-${data.length}`;
      return h > 0 ? (
        <rect
          key={key}
          className={className}
          x={index * step}
          y={height - h}
          width={Math.max(1, step - 1)}
          height={h}
        />
      ) : null;
    });
  return (
    <svg
      className={s.spark}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${label}: now ${data.at(-1) ?? 0}, highest ${Math.max(...data, 0)}`}
    >
      {bars(data, s.all)}
      {bad && bars(bad, s.bad)}
      <line className={s.base} x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} />
    </svg>
  );
}
