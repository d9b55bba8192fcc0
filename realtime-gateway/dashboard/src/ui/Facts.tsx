/** Names and values, one under the other; facts without a value are left out. */
export function Facts({
  facts,
}: {
  facts: readonly { readonly name: string; readonly value: React.ReactNode }[];
}) {
  const shown = facts.filter(({ value }) => value !== null && value !== undefined && value !== "" && value !== false);
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {shown.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-muted wrap-anywhere">{name}</dt>
          <dd className="min-w-0 tabular-nums wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
