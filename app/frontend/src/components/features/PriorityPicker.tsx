"use client";

import { Select } from "@/components/ui/select";
import { texts } from "@/lib/texts";
import { PRIORITIES } from "@/utils/priority";
import { PriorityLabel } from "./PriorityLabel";

const OPTIONS = PRIORITIES.map((_, value) => ({ value, label: <PriorityLabel value={value} /> }));

type PriorityPickerProps = { value: number; onValueChange: (value: number) => void };

export function PriorityPicker(props: PriorityPickerProps) {
  return (
    <Select label={texts.todoForm.priority} data-testid="priority" options={OPTIONS} {...props} />
  );
}
