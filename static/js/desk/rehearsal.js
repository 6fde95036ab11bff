// The line that says that this is a rehearsal, and the way to begin it again.
import { html, useState } from "../vendor.js";
import { t } from "../i18n.js";
import { Dialog, Rehearsal } from "../ui.js";
import { Btn } from "./bits.js";
import { dialog, link } from "./store.js";

/** "Rehearsal", with a button that wipes it. */
export function RehearsalLine() {
  return html`<${Rehearsal}><${Btn} label=${t("Wipe…")} kind="bare" popup="dialog" describe=${t("Wipe… the rehearsal: everything but the agenda as it was planned")} onClick=${() => { dialog.value = { name: "wipe" }; }} /><//>`;
}

/** Asks once, wipes, and opens the page anew: it may be the real show that stands there now. */
export function WipeDialog({ onClose }) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const { slug } = link.view.value.webinar;
  const wipe = async () => {
    setBusy(true);
    setRefused("");
    try {
      const answer = await fetch(`/w/${slug}/moderator/wipe-rehearsal`, { method: "POST" });
      const ack = await answer.json();
      if (ack.ok) return location.reload();
      setRefused(ack.error.message);
    } catch {
      setRefused(t("No answer."));
    }
    setBusy(false);
  };
  return html`<${Dialog} title=${t("Wipe the rehearsal?")} onClose=${onClose} actions=${html`<${Btn} label=${t("Keep it")} kind="bare" small=${false} server=${false} onClick=${onClose} /><${Btn} label=${t("Wipe")} kind="main" small=${false} disabled=${busy} onClick=${wipe} />`}>
    <p>${t("Questions, votes, messages and times of the rehearsal are gone for good. The agenda is as it was planned before; links and join code stay.")}</p>
    ${refused && html`<p class="err" role="alert"><b>${refused}</b></p>`}<//>`;
}
