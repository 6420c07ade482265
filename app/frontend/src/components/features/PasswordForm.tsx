"use client";

import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { useToast } from "@/components/ui/toast";
import { useChangePassword } from "@/hooks/use-account";
import { useHydrated } from "@/hooks/use-hydrated";
import { PASSWORD_MIN } from "@/lib/limits";
import { texts } from "@/lib/texts";
import type { PasswordChange } from "@/services/types";
import { lateResolver } from "@/utils/late-resolver";
import { applyServerErrors } from "@/utils/server-errors";
import { PasswordInput } from "./PasswordInput";

const says = texts.account;

const resolver = lateResolver<PasswordChange>(() =>
  import("@/schemas/account").then(({ passwordChangeSchema }) => passwordChangeSchema),
);

export function PasswordForm() {
  const hydrated = useHydrated();
  const change = useChangePassword();
  const toasts = useToast();
  const { register, handleSubmit, setError, setFocus, reset, formState } = useForm<PasswordChange>({
    resolver,
    defaultValues: { current_password: "", new_password: "" },
  });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(async (values) => {
    try {
      await change.mutateAsync(values);
    } catch (error) {
      setFocus("current_password");
      return applyServerErrors(error, ["current_password", "new_password"], setError);
    }
    reset();
    toasts.add({ title: says.passwordChanged });
  });

  return (
    <section aria-labelledby="password-heading">
      <h2 id="password-heading" className="text-lg font-semibold">
        {says.password}
      </h2>
      <p className="mt-1 mb-4 text-sm text-muted">{says.passwordText}</p>
      <form
        noValidate
        method="post"
        onSubmit={submit}
        data-testid="password-form"
        className="flex flex-col gap-4 sm:max-w-88"
      >
        {errors.root && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
            {errors.root.message}
          </p>
        )}
        <Field label={says.currentPassword} error={errors.current_password?.message}>
          <PasswordInput autoComplete="current-password" {...register("current_password")} />
        </Field>
        <Field
          label={says.newPassword}
          hint={texts.auth.passwordHint(PASSWORD_MIN)}
          error={errors.new_password?.message}
        >
          <PasswordInput autoComplete="new-password" {...register("new_password")} />
        </Field>
        <Button
          look="primary"
          type="submit"
          disabled={!hydrated || isSubmitting}
          className="self-start"
        >
          {isSubmitting ? says.changing : says.change}
        </Button>
      </form>
    </section>
  );
}
