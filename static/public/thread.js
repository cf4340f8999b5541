// @ts-check
// All that a script does on the page of a thread. It is served as one file.
import "./times.js";
import "./draft.js";
import "./live.js";
import "./remember.js";
import "./scripted.js";
import "./toolbar.js";
import "./count.js";
import "./copy.js";
import "./write.js";
import "./agree.js";
import "./rest.js";
import "./visits.js";
