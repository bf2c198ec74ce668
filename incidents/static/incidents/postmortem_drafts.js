// What somebody writes is kept twice: in this browser at once, and on the server a moment later. A draft that
// the server never had is offered again when the page is opened the next time.
"use strict";
(() => {
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const WAIT = 900;
  const LONGEST_WAIT = 30000;
  const overall = document.querySelector("[data-saved]");
  const clock = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

  function kept(key, value) {
    // A browser that keeps nothing (private, full) still saves on the server.
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(key));
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      return null;
    }
    return value;
  }

  class Part {
    constructor(form) {
      this.form = form;
      this.key = `draft:${location.pathname}:${form.dataset.part}`;
      this.state = form.querySelector("[data-state]");
      this.saved = this.values();
      this.wait = WAIT;
      this.isStuck = false;
      form.addEventListener("input", () => this.changed());
      this.offer();
    }

    get version() {
      return this.form.elements.version;
    }

    get isDirty() {
      return this.values() !== this.saved;
    }

    values() {
      const data = new URLSearchParams(new FormData(this.form));
      data.delete("csrfmiddlewaretoken");
      data.delete("version");
      return data.toString();
    }

    fill(values) {
      const data = new URLSearchParams(values);
      for (const field of this.form.elements) {
        if (!field.name || field.name === "csrfmiddlewaretoken" || field.name === "version") continue;
        if (field.type === "checkbox") field.checked = data.has(field.name);
        else if (data.has(field.name)) field.value = data.get(field.name);
      }
    }

    tell(text, tone = "") {
      for (const output of [this.state, overall]) {
        output.textContent = text;
        output.dataset.tone = tone;
      }
    }

    changed() {
      kept(this.key, { version: this.version.value, values: this.values() });
      if (this.isStuck) return;
      this.tell("Not saved yet", "wait");
      this.later(WAIT);
    }

    later(wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), wait);
    }

    async save() {
      clearTimeout(this.timer);
      if (this.sending) {
        await this.sending;
        if (this.isStuck || !this.isDirty) return;
      }
      this.sending = this.send();
      await this.sending;
      this.sending = null;
    }

    async send() {
      const sent = this.values();
      this.tell("Saving …", "wait");
      let answer;
      try {
        answer = await fetch(this.form.action, {
          method: "POST",
          body: new URLSearchParams(new FormData(this.form)),
          headers: { Accept: "application/json" },
        });
      } catch {
        return this.retry("No connection: kept in this browser, tried again soon");
      }
      if (answer.status >= 500) return this.retry("The server is not well: kept in this browser, tried again soon");
      if (answer.ok && !answer.redirected) return this.took(await answer.json(), sent);
      if (answer.status === 409) return this.conflict();
      if (answer.status === 400) {
        const told = await answer.json().catch(() => ({ told: "" }));
        return this.tell(`Not saved: ${told.told || "this cannot be kept"}`, "bad");
      }
      this.tell("Not saved: you may be signed out. It is kept in this browser.", "bad");
    }

    took(told, sent) {
      this.wait = WAIT;
      this.version.value = told.version;
      const remove = document.getElementById(`remove-${this.form.action.split("/").at(-2)}`);
      if (remove && this.form.elements.body) remove.elements.version.value = told.version;
      this.saved = sent;
      if (told.is_merged && told.text && this.values() === sent) {
        this.form.elements.body.value = told.text;
        this.saved = this.values();
      }
      this.form.closest("section")?.querySelector("[data-drawn]")?.remove();
      if (this.isDirty) return this.changed();
      kept(this.key, null);
      this.tell(told.is_merged ? "Saved, with what somebody else had written" : `Saved ${clock.format(new Date())}`);
    }

    retry(text) {
      this.tell(text, "bad");
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
      this.later(this.wait);
    }

    conflict() {
      this.isStuck = true;
      this.tell("Somebody else has changed the same words. Yours are kept. ", "bad");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = "See both";
      button.addEventListener("click", () => this.form.submit());
      this.state.append(button);
    }

    offer() {
      const draft = kept(this.key);
      if (!draft) return;
      if (draft.values === this.saved) return kept(this.key, null);
      const note = document.createElement("div");
      note.className = "pm-kept row";
      note.setAttribute("role", "status");
      const text = document.createElement("span");
      text.textContent = "There is text of yours here that was not saved.";
      const take = document.createElement("button");
      const forget = document.createElement("button");
      for (const [button, label] of [[take, "Take it"], [forget, "Forget it"]]) {
        button.type = "button";
        button.className = "button";
        button.textContent = label;
      }
      take.addEventListener("click", () => {
        note.remove();
        this.version.value = draft.version;
        this.fill(draft.values);
        this.form.closest("details")?.setAttribute("open", "");
        this.changed();
      });
      forget.addEventListener("click", () => {
        note.remove();
        kept(this.key, null);
      });
      note.append(text, take, forget);
      (this.form.closest("details") ?? this.form).before(note);
    }
  }

  const parts = [...desk.querySelectorAll("form[data-part]")].map((form) => new Part(form));
  const of = new Map(parts.map((part) => [part.form, part]));

  desk.addEventListener("submit", async (event) => {
    const part = of.get(event.target);
    const leaves = !part || event.submitter?.hasAttribute("formaction") || event.target.closest(".pm-change");
    if (!leaves) {
      event.preventDefault();
      await part.save();
      return;
    }
    const others = parts.filter((one) => one !== part && one.isDirty && !one.isStuck);
    if (!others.length) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    await Promise.all(others.map((one) => one.save()));
    isLeaving = true;
    event.target.requestSubmit(event.submitter);
  });

  let isLeaving = false;
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && parts.some((part) => part.isDirty)) event.preventDefault();
  });
})();
