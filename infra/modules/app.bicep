// The function app: Flex Consumption on Linux with a custom handler, signed in everywhere as its own identity.

param name string
param location string
param tags object
param identityId string
param identityClientId string

@description('The subnet that the app\'s calls leave from; empty for none.')
param subnetId string

param deploymentContainerUrl string
param blobUrl string
param queueUrl string
param tableUrl string
param vaultUrl string
param applicationInsightsConnectionString string
param alwaysReady bool
param instanceMemoryMB int
param maximumInstanceCount int
param rotatingWebhookSecret bool

@description('What the clinic chose: the program\'s settings by their names.')
param clinicSettings object

// Without a version, so that the newest value of a secret is the one that counts.
var secretUrl = '${vaultUrl}secrets'

// The program does not start on a reference that leads nowhere, so this setting is there only while it is needed.
var previousSecret = {
  SPRUCE_WEBHOOK_SECRET_PREVIOUS: '@Microsoft.KeyVault(SecretUri=${secretUrl}/spruce-webhook-secret-previous)'
}

// No FUNCTIONS_WORKER_RUNTIME and no WEBSITE_RUN_FROM_PACKAGE: Flex Consumption refuses them.
var ownSettings = {
  // One connection for the host, its queue trigger and the program.
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: blobUrl
  AzureWebJobsStorage__queueServiceUri: queueUrl
  AzureWebJobsStorage__tableServiceUri: tableUrl
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  SPRUCE_WEBHOOK_SECRET: '@Microsoft.KeyVault(SecretUri=${secretUrl}/spruce-webhook-secret)'
  SPRUCE_API_TOKEN: '@Microsoft.KeyVault(SecretUri=${secretUrl}/spruce-api-token)'
}

var settings = union(ownSettings, clinicSettings, rotatingWebhookSecret ? previousSecret : {})

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    // The references to the vault are resolved as this identity; the app has no other.
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
      appSettings: map(items(settings), setting => { name: setting.key, value: setting.value })
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'custom', version: '1.0' }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
        alwaysReady: alwaysReady ? [{ name: 'http', instanceCount: 1 }] : []
      }
    }
  }
}

// Publishing is for people and pipelines that sign in, not for a password.
resource passwordPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = [for way in ['scm', 'ftp']: {
  parent: site
  name: way
  properties: { allow: false }
}]

output name string = site.name
output hostName string = site.properties.defaultHostName
