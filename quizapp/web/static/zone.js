// Tells a new account where its person lives, so that their days turn at their own hour: in the form, and in links that lead to one.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
document.getElementById("zone")?.setAttribute("value", zone);
for (const link of document.querySelectorAll("a.zoned")) link.search = new URLSearchParams({ zone });
