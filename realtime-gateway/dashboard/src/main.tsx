import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { reportVitals } from "./app/reportVitals";
import { SessionStore } from "./app/session/session";
import { loadConfig } from "./lib/config";
import "./styles.css";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no element with the id root");
}
const page = createRoot(root);
void loadConfig().then(() => {
  const sessions = new SessionStore();
  const vitals = reportVitals(sessions);
  void sessions.restore();
  page.render(
    <StrictMode>
      <App sessions={sessions} vitals={vitals} />
    </StrictMode>,
  );
});
