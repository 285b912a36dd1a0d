"""A browser without JavaScript: reads pages, follows links, fills in forms and presses buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Button:
    text: str = ""
    name: str | None = None
    value: str = ""
    action: str = ""  # where it sends its form, if that is elsewhere


@dataclass
class Form:
    action: str
    method: str
    id: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


@dataclass
class Link:
    href: str
    text: str = ""


class Page(HTMLParser):
    """What a person without JavaScript can do on a page."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.path = response.request.full_path.rstrip("?")
        self.html = response.get_data(as_text=True)
        self.text = ""
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self._form: Form | None = None
        self._button: Button | None = None
        self._link: Link | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._silent = 0
        self.feed(self.html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attributes):
        had = dict(attributes)
        self.attributes |= set(had)
        if "id" in had:
            self.ids.append(had["id"])
        if tag in {"script", "style", "title", "svg"}:
            self._silent += 1
        elif tag == "form":
            self._form = Form(had.get("action", ""), had.get("method", "get").upper(), had.get("id"))
            self.forms.append(self._form)
        elif tag == "a":
            self._link = Link(had.get("href", ""))
            self.links.append(self._link)
        elif tag == "button" and (form := self._form_of(had)) is not None:
            self._button = Button(name=had.get("name"), value=had.get("value", ""), action=had.get("formaction", ""))
            form.buttons.append(self._button)
        elif self._form is not None and tag == "textarea":
            self._area = had["name"]
            self._form.fields[self._area] = ""
        elif self._form is not None and tag in {"select", "option"}:
            self._choose(tag, had, self._form)
        elif self._form is not None and tag == "input" and had.get("name") and _is_sent(had):
            self._form.fields[had["name"]] = had.get("value", "")

    def handle_endtag(self, tag):
        if tag in {"script", "style", "title", "svg"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "a":
            self._link = None
        elif tag == "button":
            self._button = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._silent:
            return
        if self._area is not None and self._form is not None:
            self._form.fields[self._area] += data
            return
        self.text += f" {data}"
        for holder in (self._button, self._link):
            if holder is not None:
                holder.text = " ".join(f"{holder.text} {data}".split())

    def _choose(self, tag: str, had: dict[str, str | None], form: Form) -> None:
        """Take what a list of choices begins with: what is selected, else its first."""
        if tag == "select":
            self._select = had["name"]
        elif self._select and ("selected" in had or self._select not in form.fields):
            form.fields[self._select] = had.get("value") or ""

    def _form_of(self, had: dict[str, str | None]) -> Form | None:
        """Return the form that a button belongs to: the one it names, else the one around it."""
        return next((form for form in self.forms if "form" in had and form.id == had["form"]), self._form)

    def form_with(self, button: str) -> tuple[Form, Button]:
        for form in self.forms:
            for found in form.buttons:
                if found.text.startswith(button):
                    return form, found
        raise AssertionError(f"no button {button!r} on {self.path}: {[b.text for f in self.forms for b in f.buttons]}")


class Browser:
    """Visits pages of the site one after another, as a person does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None

    def visit(self, path: str) -> Page:
        response = self.client.get(path)
        while response.status_code == 303:
            response = self.client.get(response.headers["Location"])
        self.page = Page(response)
        return self.page

    def follow(self, text: str) -> Page:
        assert self.page
        link = next(link for link in self.page.links if link.text.startswith(text))
        return self.visit(link.href)

    def press(self, button: str, **typed: object) -> Page:
        """Press a button of the page, after typing into its form; a redirect is followed."""
        assert self.page
        form, pressed = self.page.form_with(button)
        fields: dict[str, object] = {**form.fields, **typed}
        if pressed.name:
            fields[pressed.name] = pressed.value
        target = pressed.action or form.action or self.page.path
        if form.method == "GET":
            return self.visit_with(target, fields)
        response = self.client.post(target, data=fields, content_type="multipart/form-data")
        if response.status_code == 303:
            place = urlsplit(response.headers["Location"])
            return self.visit(place.path + (f"?{place.query}" if place.query else ""))
        self.page = Page(response)
        return self.page

    def visit_with(self, path: str, fields: dict[str, object]) -> Page:
        self.page = Page(self.client.get(path, query_string=fields))
        return self.page

    def token(self) -> str:
        """Return a form token, as any page holds one."""
        return next(form.fields["csrf_token"] for form in self.visit("/keys").forms if "csrf_token" in form.fields)

    def send(self, path: str, *, headers: dict[str, str] | None = None, **fields: object) -> TestResponse:
        """Post fields with a good token, as a page's own form does."""
        data = {"csrf_token": self.token(), **fields}
        return self.client.post(path, data=data, headers=headers or {})

    def send_with_htmx(self, path: str, **fields: object) -> TestResponse:
        return self.send(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"}, **fields)


def _is_sent(had: dict[str, str | None]) -> bool:
    """Say whether a field goes with its form as it stands."""
    return had.get("type") not in {"radio", "file"} and (had.get("type") != "checkbox" or "checked" in had)
