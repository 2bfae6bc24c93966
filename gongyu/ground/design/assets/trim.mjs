// Reads {css, content: [paths], out} as JSON from standard input and writes the CSS that they use.
import { readFileSync, writeFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";

const job = JSON.parse(readFileSync(0, "utf8"));
const [result] = await new PurgeCSS().purge({
  css: [job.css],
  content: job.content,
  // Words with : / . and - are class names too.
  defaultExtractor: (text) => text.match(/[\w-/:.%]+(?<![:.])/g) || [],
  safelist: { standard: ["html", "body", "is-invalid", "invalid-feedback", "was-validated", "show"] },
  blocklist: [/data-bs-theme=.?dark/, /^:?.*-dark-mode/],
  variables: true,
  keyframes: true,
  fontFace: true,
});
writeFileSync(job.out, result.css);
