"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useRegister } from "@/hooks/use-session";
import { ApiError } from "@/lib/api-error";
import { PASSWORD_MIN, registerSchema, type RegisterValues } from "@/schemas/auth";
import { applyServerErrors } from "@/utils/server-errors";
import { AuthCard } from "./AuthCard";
import { PasswordInput } from "./PasswordInput";

export function RegisterForm() {
  const account = useRegister();
  const { register, handleSubmit, setError, formState } = useForm<RegisterValues>({
    resolver: zodResolver(registerSchema),
    defaultValues: { name: "", email: "", password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(async (values) => {
    await account.mutateAsync(values).catch((error: unknown) => {
      // A conflict can only be about the address, whatever the server calls the field.
      if (error instanceof ApiError && error.status === 409)
        setError("email", { message: error.message });
      else applyServerErrors(error, ["name", "email", "password"], setError);
    });
  });

  return (
    <AuthCard
      title="Create your account"
      text="A calm place for what you mean to do."
      submitLabel={account.isPending ? "Creating…" : "Create account"}
      busy={account.isPending || account.isSuccess}
      error={errors.root?.message}
      onSubmit={submit}
      other={{ question: "Have an account?", href: "/login", label: "Sign in" }}
    >
      <Field label="Name (optional)" error={errors.name?.message}>
        <Input autoComplete="name" {...register("name")} />
      </Field>
      <Field label="Email" error={errors.email?.message}>
        <Input type="email" autoComplete="email" {...register("email")} />
      </Field>
      <Field
        label="Password"
        hint={`At least ${PASSWORD_MIN} characters.`}
        error={errors.password?.message}
      >
        <PasswordInput autoComplete="new-password" {...register("password")} />
      </Field>
    </AuthCard>
  );
}
