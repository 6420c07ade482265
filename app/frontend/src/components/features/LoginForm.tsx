"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useLogin } from "@/hooks/use-session";
import { loginSchema, type LoginValues } from "@/schemas/auth";
import { applyServerErrors } from "@/utils/server-errors";
import { AuthCard } from "./AuthCard";
import { PasswordInput } from "./PasswordInput";

export function LoginForm() {
  const login = useLogin();
  const { register, handleSubmit, setError, formState } = useForm<LoginValues>({
    resolver: zodResolver(loginSchema),
    defaultValues: { email: "", password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(async (values) => {
    await login
      .mutateAsync(values)
      .catch((error: unknown) => applyServerErrors(error, ["email", "password"], setError));
  });

  return (
    <AuthCard
      title="Welcome back"
      text="Sign in to get to your todos."
      submitLabel={login.isPending ? "Signing in…" : "Sign in"}
      busy={login.isPending || login.isSuccess}
      error={errors.root?.message}
      onSubmit={submit}
      other={{ question: "New here?", href: "/register", label: "Create an account" }}
    >
      <Field label="Email" error={errors.email?.message}>
        <Input type="email" autoComplete="email" {...register("email")} />
      </Field>
      <Field label="Password" error={errors.password?.message}>
        <PasswordInput autoComplete="current-password" {...register("password")} />
      </Field>
    </AuthCard>
  );
}
