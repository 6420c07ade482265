"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { Check } from "lucide-react";
import { useEffect, type KeyboardEvent, type ReactNode } from "react";
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
  /** Says so of a todo that is completed. */
  isDone?: boolean;
  notice?: ReactNode;
  /** Why these values, which come back to the form, were refused. */
  failure?: unknown;
  submitLabel: string;
  cancelLabel?: string;
  /** Rejects when the server refuses; the form then shows why and keeps what was typed. */
  onSubmit: (values: TodoFormValues) => Promise<unknown>;
  onCancel: () => void;
  /** Hears of all that is typed. */
  onDraft?: (values: TodoFormValues) => void;
};

const FIELDS = ["title", "description", "priority"] as const;

export function TodoForm(props: TodoFormProps) {
  const { values = EMPTY, isDone = false, notice, failure, onSubmit, onCancel, onDraft } = props;
  const { submitLabel, cancelLabel = texts.todoForm.cancel } = props;
  const { register, control, handleSubmit, getValues, setError, formState } =
    useForm<TodoFormValues>({
      resolver: zodResolver(todoFormSchema),
      defaultValues: values,
    });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(async (input) => {
    try {
      await onSubmit(input);
    } catch (error) {
      applyServerErrors(error, [...FIELDS], setError);
    }
  });

  useEffect(() => {
    if (failure !== undefined) applyServerErrors(failure, [...FIELDS], setError);
  }, [failure, setError]);

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
      onChange={() => onDraft?.(getValues())}
      className="rounded-lg border border-line bg-surface p-3 shadow-pop"
    >
      {notice}
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
        <div className="flex items-center gap-3">
          <Controller
            control={control}
            name="priority"
            render={({ field }) => (
              <PriorityPicker
                value={field.value}
                onValueChange={(value) => {
                  field.onChange(value);
                  onDraft?.(getValues());
                }}
              />
            )}
          />
          {isDone && (
            <p className="flex items-center gap-1 text-xs font-medium text-muted">
              <Check className="size-3.5 text-ok" aria-hidden />
              {texts.todoForm.done}
            </p>
          )}
        </div>
        <div className="flex gap-2">
          <Button look="ghost" size="sm" onClick={onCancel}>
            {cancelLabel}
          </Button>
          <Button look="primary" size="sm" type="submit" disabled={isSubmitting}>
            {submitLabel}
          </Button>
        </div>
      </div>
    </form>
  );
}
