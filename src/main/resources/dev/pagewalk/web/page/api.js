// The interface for programs, as the page uses it.

const ROOT = "/api/v1";

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(ROOT + path, options);
  const text = await response.text();
  const document = text === "" ? null : JSON.parse(text);
  if (!response.ok) {
    const place = document?.line ? ` (line ${document.line}, column ${document.column})` : "";
    const problem = new Error((document?.detail ?? `the server answers ${response.status}`) + place);
    problem.status = response.status;
    throw problem;
  }
  return document;
}

export const presets = () => ask("GET", "/presets");
export const lessons = () => ask("GET", "/lessons");
export const create = (wanted) => ask("POST", "/machines", wanted);

/** One machine of the server. */
export class Machine {
  constructor(id) {
    this.path = `/machines/${id}`;
    this.id = id;
  }

  state() { return ask("GET", this.path); }
  statements(statements) { return ask("POST", `${this.path}/statements`, { statements }); }
  access(access) { return ask("POST", `${this.path}/accesses`, access); }
  bit(bit) { return ask("POST", `${this.path}/bits`, bit); }
  register(register, value) { return ask("POST", `${this.path}/registers`, { register, value }); }
  next() { return ask("POST", `${this.path}/next`); }
  undo() { return ask("POST", `${this.path}/undo`); }
  redo() { return ask("POST", `${this.path}/redo`); }
  sweep() { return ask("GET", `${this.path}/sweep`); }
  lesson(name) { return ask("GET", `${this.path}/lessons/${name}`); }
  remove() { return ask("DELETE", this.path); }
  /** The same while the page goes away: nobody waits for the answer. */
  abandon() { fetch(ROOT + this.path, { method: "DELETE", keepalive: true }).catch(() => {}); }
  scenarioAddress() { return `${ROOT}${this.path}/scenario`; }
  eventsAddress() { return `${ROOT}${this.path}/events`; }

  walk(process, address, kind, as) {
    const query = new URLSearchParams({ process, address, kind, as });
    return ask("GET", `${this.path}/walk?${query}`);
  }
}
