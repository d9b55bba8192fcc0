/** A failure, told where it happened and announced once. */
export function Problem({ children }: { children: React.ReactNode }) {
  return (
    <p role="alert" className="rounded-md bg-bad-soft px-2.5 py-1.5 text-sm text-bad wrap-anywhere">
      {children}
    </p>
  );
}
