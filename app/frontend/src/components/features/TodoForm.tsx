"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import type { KeyboardEvent } from "react";
import { Controller, useForm } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { texts } from "@/lib/texts";
import { todoFormSchema, type TodoFormValues } from "@/schemas/todo";
import { applyServerErrors } from "@/utils/server-errors";
import { PriorityPicker } from "./PriorityPicker";

const EMPTY: TodoFormValues = { title: "", description: "", priority: 0 };

type TodoFormProps = {
  values?: TodoFormValues;
  submitLabel: string;
  /** Rejects when the server refuses; the form then shows why and keeps what was typed. */
  onSubmit: (values: TodoFormValues) => Promise<unknown>;
  onCancel: () => void;
};

export function TodoForm({ values = EMPTY, submitLabel, onSubmit, onCancel }: TodoFormProps) {
  const { register, control, handleSubmit, setError, formState } = useForm<TodoFormValues>({
    resolver: zodResolver(todoFormSchema),
    defaultValues: values,
  });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(async (input) => {
    try {
      await onSubmit(input);
    } catch (error) {
      applyServerErrors(error, ["title", "description", "priority"], setError);
    }
  });

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    } else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      void submit();
    }
  }

  return (
    <form
      noValidate
      data-testid="todo-form"
      onSubmit={submit}
      onKeyDown={onKeyDown}
      className="rounded-lg border border-line bg-surface p-3 shadow-pop"
    >
      <Field label={texts.todoForm.title} hideLabel className="px-1" error={errors.title?.message}>
        <Input
          placeholder={texts.todoForm.titlePlaceholder}
          autoComplete="off"
          // Opened by a key or a click whose only purpose is to type here.
          autoFocus
          className="border-0 bg-transparent px-0 font-medium focus-visible:outline-none"
          {...register("title")}
        />
      </Field>
      <Field
        label={texts.todoForm.notes}
        hideLabel
        className="px-1"
        error={errors.description?.message}
      >
        <Textarea
          placeholder={texts.todoForm.notes}
          rows={1}
          className="border-0 bg-transparent px-0 py-1 text-sm focus-visible:outline-none"
          {...register("description")}
        />
      </Field>
      {errors.root && (
        <p role="alert" className="mt-1 px-1 text-xs text-danger">
          {errors.root.message}
        </p>
      )}
      <div className="mt-3 flex items-center justify-between gap-2">
        <Controller
          control={control}
          name="priority"
          render={({ field }) => (
            <PriorityPicker value={field.value} onValueChange={field.onChange} />
          )}
        />
        <div className="flex gap-2">
          <Button look="ghost" size="sm" onClick={onCancel}>
            {texts.todoForm.cancel}
          </Button>
          <Button look="primary" size="sm" type="submit" disabled={isSubmitting}>
            {submitLabel}
          </Button>
        </div>
      </div>
    </form>
  );
}
