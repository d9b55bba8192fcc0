/** A line through the values, scaled to its box. Too small to need a charting library. */
export default function Spark({ values, width, height }: { values: readonly (number | null)[]; width: number; height: number }) {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const step = values.length > 1 ? (width - 2) / (values.length - 1) : 0;
  let path = "";
  let isGap = true;
  values.forEach((value, i) => {
    if (value === null) {
      isGap = true;
      return;
    }
    const y = height - 2 - ((value - low) / span) * (height - 4);
    path += `${isGap ? "M" : "L"}${(1 + i * step).toFixed(1)} ${y.toFixed(1)}`;
    isGap = false;
  });
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} className="block fill-none stroke-accent">
      {path !== "" && <path d={path} strokeWidth="1.5" strokeLinejoin="round" />}
    </svg>
  );
}
