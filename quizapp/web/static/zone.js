// Tells the form of a new account where its person lives, so that their days turn at their own hour.

document.getElementById("zone")?.setAttribute("value", Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
