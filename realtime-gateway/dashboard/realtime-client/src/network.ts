/** Has a client try at once when the browser is on a network again. The result ends that. */
export function retryWhenOnline(client: { retryNow(): void }): () => void {
  const retry = () => client.retryNow();
  window.addEventListener("online", retry);
  return () => window.removeEventListener("online", retry);
}
