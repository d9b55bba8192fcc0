import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Image } from "lucide-react";
import { useApi } from "../../lib/api";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/States";
import { showMail } from "./mail";
import { PartFailed } from "../../ui/PartFailed";
import { ticketPath } from "./ticket";

/** Empty, and served with a policy of its own: it runs nothing, wears styles and loads images, which this page may not. */
const FRAME = "/assets/mail-frame-v1.html";
/** In pixels; a longer mail scrolls. */
const HIGHEST = 640;

/** A mail as its sender made it, in a frame that runs nothing, submits nothing, goes nowhere and tells nobody. */
export function MailFrame({ ticketId, messageId }: { ticketId: string; messageId: string }) {
  const api = useApi();
  const [frame, setFrame] = useState<Document | null>(null);
  const element = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(160);
  const [remote, setRemote] = useState(false);
  const [leftOut, setLeftOut] = useState(0);
  const mail = useQuery({
    queryKey: ["mail", ticketId, messageId],
    queryFn: async ({ signal }) => {
      const page = await api.download(`${ticketPath(ticketId)}/messages/${encodeURIComponent(messageId)}/html`, signal);
      return page.text();
    },
    staleTime: Infinity,
    retry: false,
  });
  const html = mail.data;
  useEffect(() => {
    if (html === undefined || frame === null) {
      return undefined;
    }
    const measure = () => setHeight(Math.min(HIGHEST, frame.body.scrollHeight + 24));
    const shown = showMail(html, frame, { imageOf: (address) => api.download(address), remote, onGrown: measure });
    setLeftOut(shown.leftOut);
    measure();
    return shown.end;
  }, [html, frame, remote, api]);
  if (html === undefined) {
    return mail.isError ? (
      <PartFailed error={mail.error} onRetry={() => void mail.refetch()} />
    ) : (
      <Skeleton className="h-40 w-full" />
    );
  }
  return (
    <>
      <iframe
        ref={element}
        src={FRAME}
        title="The mail as it was sent"
        // Of the same origin, so that this page can fill it; without scripts, forms, popups and navigation.
        sandbox="allow-same-origin"
        onLoad={() => setFrame(element.current?.contentDocument ?? null)}
        className="block w-full rounded-md border border-line bg-white"
        style={{ height }}
      />
      {leftOut > 0 && (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <p className="min-w-0 grow basis-60 text-xs text-muted">
            {leftOut === 1
              ? "An image of another server is not loaded: it would tell that server who reads the mail."
              : `${leftOut} images of other servers are not loaded: they would tell those servers who reads the mail.`}
          </p>
          {!remote && (
            <Button size="small" icon={Image} onClick={() => setRemote(true)}>
              Load them
            </Button>
          )}
        </div>
      )}
    </>
  );
}
