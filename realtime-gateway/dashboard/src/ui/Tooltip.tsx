import { Tooltip as Primitive } from "radix-ui";

/** A short text about its only child, which must be able to take the focus. Never the only place of something needed. */
export function Tooltip({
  text,
  side = "bottom",
  children,
}: {
  text: React.ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  children: React.ReactElement;
}) {
  return (
    <Primitive.Provider delayDuration={400}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-64 rounded bg-ink px-2 py-1 text-xs text-surface shadow-overlay animate-appear"
          >
            {text}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
