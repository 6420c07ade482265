"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useForm } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useLogin } from "@/hooks/use-session";
import { endSignOut } from "@/lib/sign-out";
import { texts } from "@/lib/texts";
import type { LoginValues } from "@/schemas/auth";
import { lateResolver } from "@/utils/late-resolver";
import { applyServerErrors } from "@/utils/server-errors";
import { AuthCard } from "./AuthCard";
import { PasswordInput } from "./PasswordInput";

const says = texts.auth.signIn;

const resolver = lateResolver<LoginValues>(() =>
  import("@/schemas/auth").then(({ loginSchema }) => loginSchema),
);

export function LoginForm({ notice }: { notice?: string }) {
  const client = useQueryClient();
  const login = useLogin();
  const { register, handleSubmit, setError, setFocus, formState } = useForm<LoginValues>({
    resolver,
    defaultValues: { email: "", password: "" },
  });
  const { errors } = formState;

  useEffect(() => endSignOut(client), [client]);

  const submit = handleSubmit(async (values) => {
    await login.mutateAsync(values).catch((error: unknown) => {
      // What is wrong most often, unless the server knows better.
      setFocus("password", { shouldSelect: true });
      applyServerErrors(error, ["email", "password"], setError);
    });
  });

  return (
    <AuthCard
      title={says.title}
      text={says.text}
      notice={notice}
      submitLabel={login.isPending ? says.busy : says.submit}
      busy={login.isPending || login.isSuccess}
      error={errors.root?.message}
      onSubmit={submit}
      other={{ question: says.question, href: "/register", label: says.other }}
    >
      <Field label={texts.auth.email} error={errors.email?.message}>
        <Input type="email" autoComplete="email" {...register("email")} />
      </Field>
      <Field label={texts.auth.password} error={errors.password?.message}>
        <PasswordInput autoComplete="current-password" {...register("password")} />
      </Field>
    </AuthCard>
  );
}
