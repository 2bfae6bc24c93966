// Draws the questions of a form, reads the answers, and shows faults beside them. What a question
// looks like stands in the shell's templates; its kinds are those of `declared.py`.
import { clone, fill, said } from "./screens.js";

const choicesOf = (question, options) => question.choices ?? options[question.name] ?? [];
// A question with nobody to choose from is not asked.
const isAsked = (question, options) =>
  question.kind !== "each" || choicesOf(question, options).length > 1;

export function draw(questions, options, fields, start) {
  const drawn = document.createDocumentFragment();
  for (const question of questions.filter((one) => isAsked(one, options))) {
    drawn.append(DRAW[question.kind](question, choicesOf(question, options), fields, start));
  }
  return drawn;
}

function box(kind, question) {
  const element = clone(`question-${kind}`);
  element.dataset.question = question.name;
  fill(element, { label: question.label, hint: question.hint ?? "" });
  const input = element.querySelector("[data-input]");
  if (input) {
    input.name = question.name;
    input.id = `q-${question.name}`;
    element.querySelector("label").htmlFor = input.id;
    if (question.longest) input.maxLength = question.longest;
  }
  describe(element, input ?? element);
  return element;
}

// Those who hear the page hear hint and faults with the field.
function describe(element, input) {
  const name = element.dataset.question;
  element.querySelector("[data-slot=hint]").id = `q-${name}-hint`;
  element.querySelector("[data-slot=faults]").id = `q-${name}-faults`;
  input.setAttribute("aria-describedby", `q-${name}-hint q-${name}-faults`);
}

function tick(type, question, choice, ticked) {
  const element = clone("question-choice");
  const input = element.querySelector("input");
  Object.assign(input, { type, name: question.name, value: choice.value, checked: ticked });
  input.id = `q-${question.name}-${choice.value}`;
  element.querySelector("label").htmlFor = input.id;
  fill(element, { label: choice.label });
  return element;
}

function extra(element, name, label, value, type = "text") {
  const line = clone("question-extra");
  const input = line.querySelector("input");
  Object.assign(input, { type, name, value: value ?? "", id: `q-${name}` });
  line.querySelector("label").htmlFor = input.id;
  fill(line, { label });
  element.append(line);
}

function simple(kind, from) {
  return (question, _choices, fields, start) => {
    const element = box(kind, question);
    const input = element.querySelector("[data-input]");
    input.value = fields[question.name]?.[0] ?? from(start);
    if (kind === "day" || kind === "moment") input.max = start[kind];
    if (question.due) extra(element, `${question.name}_due`, question.due, fields[`${question.name}_due`]?.[0], "date");
    return element;
  };
}

function several(type) {
  return (question, choices, fields) => {
    const element = box("choices", question);
    const had = fields[question.name] ?? (question.starts_with ? [question.starts_with] : []);
    for (const choice of choices) element.append(tick(type, question, choice, had.includes(choice.value)));
    if (question.other) extra(element, `${question.name}_other`, question.other, fields[`${question.name}_other`]?.[0]);
    return element;
  };
}

function each(question, choices, fields) {
  const element = box("choices", question);
  const had = fields[question.name] ?? [choices[0].value];
  const notes = fields[`${question.name}_note`] ?? [];
  for (const choice of choices) {
    const place = had.indexOf(choice.value);
    element.append(tick("checkbox", question, choice, place >= 0));
    const line = clone("question-note");
    const input = line.querySelector("input");
    input.dataset.noteOf = choice.value;
    input.value = notes[place] ?? "";
    fill(line, { label: choice.label });
    element.append(line);
  }
  return element;
}

const DRAW = {
  day: simple("day", (start) => start.day),
  moment: simple("moment", (start) => start.moment),
  line: simple("line", () => ""),
  text: simple("text", () => ""),
  one: several("radio"),
  some: several("checkbox"),
  each,
};

// {field: [values]} as the online form names them.
export function read(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) (fields[name] ??= []).push(value.trim());
  for (const line of form.querySelectorAll("[data-note-of]")) {
    const box = line.closest("[data-question]");
    const name = box.dataset.question;
    if (!fields[name]?.includes(line.dataset.noteOf)) continue;
    (fields[`${name}_note`] ??= []).push(line.value.trim());
  }
  return fields;
}

// A moment is needed, not to come, and not longer ago than an entry may wait.
function faultOfMoment(question, value, start, words) {
  if (!value) return words.needs_moment;
  if (value > start().moment) return words.future_moment;
  const hours = question.oldest_hours;
  return hours && value < start(hours).moment ? said("too_old", { n: hours }) : "";
}

// What can be said without the server: a day is needed and not to come, a choice is needed.
// `start(hours)` is the day and the moment of so many hours ago.
export function faultsOf(questions, options, fields, start, words) {
  const faults = {};
  for (const question of questions.filter((one) => isAsked(one, options))) {
    const value = fields[question.name]?.[0] ?? "";
    if (question.kind === "day" && !value) faults[question.name] = [words.needs_day];
    else if (question.kind === "day" && value > start().day) faults[question.name] = [words.future];
    else if (question.kind === "moment") {
      const fault = faultOfMoment(question, value, start, words);
      if (fault) faults[question.name] = [fault];
    }
    else if (["one", "each"].includes(question.kind) && !value) faults[question.name] = [words.pick_one];
    else if (question.kind === "some" && !value && !fields[`${question.name}_other`]?.[0]) {
      faults[question.name] = [words.pick_one];
    }
  }
  return faults;
}

// Do these fields speak of harm to a child? As `Alarm.is_raised_by`, which the server asks.
export function raises(alarm, fields) {
  if (!alarm) return false;
  const { words: harm, choices } = alarm;
  const told = Object.values(fields).flat().join("\n");
  return harm.some((word) => told.includes(word))
    || Object.entries(choices).some(([name, codes]) => fields[name]?.some((one) => codes.includes(one)));
}

// The day or moment that an entry is about, where its form asks one.
export function whenOf(form, fields) {
  const question = form?.questions.find((one) => ["day", "moment"].includes(one.kind));
  return (question && fields[question.name]?.[0]) ?? "";
}

// Beside each question its faults; what belongs to none of them stands above the form.
export function showFaults(form, faults, above) {
  const rest = { ...faults };
  for (const element of form.querySelectorAll("[data-question]")) {
    const found = rest[element.dataset.question] ?? [];
    element.querySelector("[data-slot=faults]").textContent = found.join(" ");
    delete rest[element.dataset.question];
  }
  const whole = Object.values(rest).flat();
  above.textContent = whole.join(" ");
  above.hidden = !whole.length;
  form.querySelector("[data-question]:has([data-slot=faults]:not(:empty))")?.scrollIntoView();
}
