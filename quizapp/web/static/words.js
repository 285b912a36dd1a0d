// What scripts say, in the language of the page: `said` for a sentence, `saidMany` for one about so many.
// English stands here where it is said; a page in another language carries its sentences along.

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
export const language = document.documentElement.lang || "en";

function filled(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

// said("%(name)s is gone.", { name })
export function said(sentence, values = {}) {
  return filled(words[sentence] ?? sentence, values);
}

// saidMany("%(num)s card", "%(num)s cards", count)
export function saidMany(one, many, num, values = {}) {
  const forms = words[one] ?? [one, many];
  return filled(forms[num === 1 ? 0 : forms.length - 1], { num, ...values });
}
