import { useState } from "preact/hooks";
import type { Shell } from "../shell/shell.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, Sheet } from "../ui/dialog.tsx";
import { Check, Field, Limit, Select, Switch } from "../ui/field.tsx";
import { PersonaPicture } from "../ui/persona-picture.tsx";
import { Card, Chip, EmptyState, ErrorState, Loading, Notice, Tag } from "../ui/states.tsx";
import { VirtualList } from "../ui/virtual-list.tsx";
import { WeekGrid } from "../ui/week-grid.tsx";

const ROWS = 10_000;
const ROW_PX = 56;

/** Every part and state at once, to look at them. */
export function Parts({ shell }: { readonly shell: Shell }) {
  const [above, setAbove] = useState<"dialog" | "sheet" | null>(null);
  return (
    <div class="stack stack-6">
      <h1>Parts and states</h1>
      <div class="split split-even">
        <Controls />
        <States />
      </div>
      <section class="stack stack-3">
        <h2>A long list</h2>
        <VirtualList
          label="A long list"
          count={ROWS}
          rowPx={ROW_PX}
          row={(index) => <span>Row {index + 1}</span>}
        />
      </section>
      <div class="actions">
        <Button onPress={() => setAbove("dialog")}>Open dialog</Button>
        <Button onPress={() => setAbove("sheet")}>Open sheet</Button>
        <Button onPress={() => shell.say("Knock withdrawn", () => undefined)}>Say it</Button>
      </div>
      {above === "dialog" && (
        <Dialog title="Delete everything?" onClose={() => setAbove(null)}>
          <p>Offers are withdrawn, conversations close. This cannot be undone.</p>
          <Limit>It does not erase messages that the other person has kept.</Limit>
          <div class="actions">
            <Button onPress={() => setAbove(null)}>Keep everything</Button>
            <Button kind="danger-main">Delete everything</Button>
          </div>
        </Dialog>
      )}
      {above === "sheet" && (
        <Sheet title="Filters" onClose={() => setAbove(null)}>
          <Field label="Words" value="" onInput={() => undefined} />
          <Button kind="main">Show 14 offers</Button>
        </Sheet>
      )}
    </div>
  );
}

function Controls() {
  const [text, setText] = useState("Basket weaving");
  const [on, setOn] = useState(true);
  const [week, setWeek] = useState<readonly number[]>([1, 2, 8]);
  return (
    <section class="stack">
      <h2>Controls</h2>
      <div class="actions">
        <Button kind="main">Main</Button>
        <Button icon="print">Plain</Button>
        <Button kind="bare">Bare</Button>
        <Button kind="danger">Delete</Button>
        <Button blockedBy="why">Not yet</Button>
      </div>
      <p class="hint" id="why">
        A line says why it cannot be pressed.
      </p>
      <Field label="Title" value={text} onInput={setText} hint="Seen by everybody." />
      <Field label="Story" value={text} onInput={setText} lines error="This names a place." />
      <Select
        label="Answers"
        value="a"
        options={[{ value: "a", text: "Within days" }]}
        onChange={() => undefined}
      />
      <Switch label="Let the node search" on={on} onChange={setOn} hint="It sees the words." />
      <Check label="I have read this" on={on} onChange={setOn} />
      <div class="chips">
        <Chip pressed={on} onPress={setOn}>
          Career
        </Chip>
        <Chip pressed={!on} onPress={() => setOn(!on)}>
          Crafts
        </Chip>
        <Tag>English</Tag>
        <Tag on>New</Tag>
      </div>
      <WeekGrid
        label="When it suits, sealed"
        chosen={week}
        onChange={setWeek}
        theirs={[2, 5]}
      />
    </section>
  );
}

function States() {
  return (
    <section class="stack">
      <h2>States</h2>
      <Notice title="The house rules changed">One new line, about photos.</Notice>
      <Notice kind="good" title="Withdrawn, and confirmed">
        Nine of nine communities confirmed.
      </Notice>
      <Notice kind="caution" title="Only two offers here mention this">
        That may point to you.
      </Notice>
      <Notice kind="danger" title="The vault was not saved">
        Nothing is lost: both copies are kept.
      </Notice>
      <ErrorState
        title="Northside Commons cannot be reached"
        text="Your knock is kept here."
        onRetry={() => undefined}
      />
      <Loading rows={2} />
      <Card>
        <div class="row">
          {[3, 90, 160, 220].map((seed) => (
            <PersonaPicture
              key={seed}
              bytes={Uint8Array.from({ length: 16 }, (_, i) => (seed * (i + 3) * 7) % 256)}
            />
          ))}
        </div>
        <EmptyState icon="knocks" title="No knocks yet" text="Quiet days are normal." />
      </Card>
    </section>
  );
}
