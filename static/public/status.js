// @ts-check
// All that a script does on an author's own page.
import "./draft.js";
import "./scripted.js";
import "./toolbar.js";
import "./count.js";
import "./copy.js";
