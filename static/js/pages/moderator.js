// The moderator's dashboard.
import { connect } from "../connect.js";
import { loadCatalogue } from "../i18n.js";
import { start } from "../desk/desk.js";
import { myName } from "../desk/words.js";

const page = document.documentElement.dataset;
await loadCatalogue(page.lang);
start(connect({ webinar: page.webinar, role: "moderator", name: myName }), document.getElementById("app"));
