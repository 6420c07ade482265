"use client";

import { useForm } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useRegister } from "@/hooks/use-session";
import { ApiError } from "@/lib/api-error";
import { PASSWORD_MIN } from "@/lib/limits";
import { texts } from "@/lib/texts";
import type { RegisterValues } from "@/schemas/auth";
import { lateResolver } from "@/utils/late-resolver";
import { applyServerErrors } from "@/utils/server-errors";
import { AuthCard } from "./AuthCard";
import { PasswordInput } from "./PasswordInput";

const says = texts.auth.register;

const resolver = lateResolver<RegisterValues>(() =>
  import("@/schemas/auth").then(({ registerSchema }) => registerSchema),
);

export function RegisterForm() {
  const account = useRegister();
  const { register, handleSubmit, setError, formState } = useForm<RegisterValues>({
    resolver,
    defaultValues: { name: "", email: "", password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(async (values) => {
    await account.mutateAsync(values).catch((error: unknown) => {
      // A conflict can only be about the address, whatever the server calls the field.
      if (error instanceof ApiError && error.status === 409)
        setError("email", { message: error.message }, { shouldFocus: true });
      else applyServerErrors(error, ["name", "email", "password"], setError);
    });
  });

  return (
    <AuthCard
      title={says.title}
      text={says.text}
      submitLabel={account.isPending ? says.busy : says.submit}
      busy={account.isPending || account.isSuccess}
      error={errors.root?.message}
      onSubmit={submit}
      other={{ question: says.question, href: "/login", label: says.other }}
    >
      <Field label={texts.auth.name} error={errors.name?.message}>
        <Input autoComplete="name" {...register("name")} />
      </Field>
      <Field label={texts.auth.email} error={errors.email?.message}>
        <Input type="email" autoComplete="email" {...register("email")} />
      </Field>
      <Field
        label={texts.auth.password}
        hint={texts.auth.passwordHint(PASSWORD_MIN)}
        error={errors.password?.message}
      >
        <PasswordInput autoComplete="new-password" {...register("password")} />
      </Field>
    </AuthCard>
  );
}
